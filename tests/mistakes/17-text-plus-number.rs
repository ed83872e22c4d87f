fn main() {
    let age = 30;
    println!("{}", "age: " + age);
}
