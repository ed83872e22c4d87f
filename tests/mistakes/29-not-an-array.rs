fn main() {
    let total = 35;
    println!("{}", total[0]);
}
