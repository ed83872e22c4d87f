fn size(n: i64) -> &'static str {
    match n {
        0 => "none",
        _ => "many",
        1 => "one",
    }
}

fn main() {
    println!("{}", size(1));
}
