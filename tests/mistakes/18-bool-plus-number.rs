fn main() {
    let found = true;
    println!("{}", found + 1);
}
