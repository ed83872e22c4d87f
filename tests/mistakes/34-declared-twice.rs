fn area(side: i64) -> i64 { side * side }

fn area(width: i64, height: i64) -> i64 { width * height }

fn main() {
    println!("{}", area(2));
}
