fn main() {
    let mut tries = 0;
    if tries = 3 { println!("enough"); }
}
