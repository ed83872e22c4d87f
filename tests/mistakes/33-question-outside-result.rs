fn twice(text: &str) -> i64 {
    text.parse::<i64>()? * 2
}

fn main() {
    println!("{}", twice("4"));
}
