const LIMIT: i64 = i64::MAX + 1;

fn main() {
    println!("{LIMIT}");
}
