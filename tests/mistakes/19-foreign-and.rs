fn main() {
    let (a, b) = (1, 2);
    if a > 0 and b > 0 { println!("both"); }
}
