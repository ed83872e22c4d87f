struct Point { x: i64, y: i64 }

fn main() {
    let p = Point { x: 1 };
    println!("{}", p.x);
}
