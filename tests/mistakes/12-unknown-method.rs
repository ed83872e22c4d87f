fn main() {
    let words = vec!["one", "two"];
    println!("{}", words.lenght());
}
