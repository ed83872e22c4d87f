fn main() {
    for n in [1, 2, 3] {
        let stop = || { break };
        if n == 2 { stop() }
    }
}
