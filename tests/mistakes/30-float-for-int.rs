fn main() {
    let price = 3;
    let taxed: i64 = price * 1.2;
    println!("{taxed}");
}
