fn main() {
    let words = ["one", "two"];
    println!("{:?}", words.map(|word, index| word.len()));
}
