fn double(n: i64) {
    return n * 2;
}

fn main() {
    double(4);
}
