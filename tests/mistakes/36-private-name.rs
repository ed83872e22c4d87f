mod account {
    pub struct Account { balance: i64 }
    impl Account { pub fn new() -> Account { Account { balance: 0 } } }
}

fn main() {
    println!("{}", account::Account::new().balance);
}
