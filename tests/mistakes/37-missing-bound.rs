fn largest<T>(a: T, b: T) -> T {
    if a < b { b } else { a }
}

fn main() {
    println!("{}", largest(1, 2));
}
