fn main() {
    let level: u8 = 256;
    println!("{level}");
}
