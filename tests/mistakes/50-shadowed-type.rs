fn main() {
    let count = 3;
    let count = format!("{count} items");
    if count > 2 { println!("many"); }
}
