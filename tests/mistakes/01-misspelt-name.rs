fn sum(values: &[i64]) -> i64 {
    let mut total = 0;
    for value in values { total += value }
    totl
}

fn main() {
    println!("{}", sum(&[1, 2, 3]));
}
