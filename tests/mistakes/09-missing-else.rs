fn main() {
    let n = 3;
    let size: &str = if n > 2 { "large" };
    println!("{size}");
}
