struct Counter { count: i64 }

fn main() {
    let counter = Counter { count: 0 };
    counter.count += 1;
    println!("{}", counter.count);
}
