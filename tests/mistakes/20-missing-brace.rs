fn check(n: i64) {
    if n > 0 {
        println!("positive");
    else {
        println!("negative");
    }
}

fn main() {
    check(1);
}
