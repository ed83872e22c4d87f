fn main() {
    let total = 10 − 3;
    println!("{total}");
}
