fn double(n: i64) -> i64 {
    let result = n * 2;
}

fn main() {
    println!("{}", double(4));
}
