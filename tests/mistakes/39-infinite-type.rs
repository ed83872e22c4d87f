fn main() {
    let mut xs = Vec::new();
    xs.push(xs);
}
