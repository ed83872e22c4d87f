fn sign(n: i64) -> i64 {
    return if n < 0 { -1 } else { 1 };
    println!("never");
}

fn main() {
    println!("{}", sign(-3));
}
