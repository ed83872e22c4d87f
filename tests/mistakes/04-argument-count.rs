fn area(width: i64, height: i64) -> i64 { width * height }

fn main() {
    println!("{}", area(3));
}
