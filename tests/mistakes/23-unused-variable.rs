fn area(width: i64, height: i64) -> i64 {
    let depth = 3;
    width * height
}

fn main() {
    println!("{}", area(1, 2));
}
