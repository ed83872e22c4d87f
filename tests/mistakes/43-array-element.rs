fn main() {
    let row = [1, 2, "three"];
    println!("{row:?}");
}
