//! Runs many cases in child processes, so that a signal, a hang or a panic is seen and survived.
//!
//! The test executable runs itself again with `--child NAME SEED FIRST COUNT`. A child writes the
//! number of each case before it runs it; when it dies or stops writing, that was the case.

use crate::process::hang_limit;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// The argument that makes the executable a child.
pub const CHILD: &str = "--child";

/// A kind of case: how many there are, and how one is run.
#[derive(Clone, Copy, Debug)]
pub struct Campaign {
    /// Its name in reports and on the child's command line.
    pub name: &'static str,
    /// Runs one case of the campaign of this name; a panic is a finding.
    pub run: fn(name: &str, seed: u64, case: u64),
}

/// If this process is a child, runs its cases and gives true.
pub fn be_child(campaigns: &[Campaign]) -> bool {
    let mut arguments = std::env::args().skip_while(|a| a != CHILD);
    if arguments.next().is_none() {
        return false;
    }
    let name = arguments.next().unwrap_or_default();
    let mut number = || arguments.next().and_then(|a| a.parse().ok()).unwrap_or(0);
    let (seed, first, count): (u64, u64, u64) = (number(), number(), number());
    let campaign = campaigns.iter().find(|c| c.name == name).expect("the parent names a campaign");
    let mut out = std::io::stdout();
    for case in first..first + count {
        // The parent reads a line at a time: it must be there before the case runs.
        if writeln!(out, "{case}").and_then(|()| out.flush()).is_err() {
            break;
        }
        (campaign.run)(campaign.name, seed, case);
    }
    true
}

/// Runs `count` cases over both cores; gives what is to be told of those that failed.
pub fn run(campaign: Campaign, seed: u64, count: u64) -> Result<(), String> {
    const MOST_FINDINGS: usize = 8;
    let workers = thread::available_parallelism().map_or(1, |n| n.get() as u64).min(count.max(1));
    let share = count.div_ceil(workers);
    let findings: Vec<String> = thread::scope(|scope| {
        let parts: Vec<_> = (0..workers)
            .map(|worker| {
                let (first, end) = (worker * share, ((worker + 1) * share).min(count));
                scope.spawn(move || run_part(campaign, seed, first, end, MOST_FINDINGS))
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    });
    if findings.is_empty() { Ok(()) } else { Err(findings.join("\n")) }
}

fn run_part(campaign: Campaign, seed: u64, mut first: u64, end: u64, most: usize) -> Vec<String> {
    let mut findings = Vec::new();
    while first < end && findings.len() < most {
        match run_child(campaign, seed, first, end - first) {
            Ok(()) => break,
            Err((case, why)) => {
                findings.push(format!("{} seed {seed} case {case}: {why}", campaign.name));
                first = case + 1;
            }
        }
    }
    findings
}

/// Runs one child to its end, or tells the case at which it failed, and how.
fn run_child(campaign: Campaign, seed: u64, first: u64, count: u64) -> Result<(), (u64, String)> {
    let failed = |why: String| (first + count, why);
    let program = std::env::current_exe().map_err(|e| failed(e.to_string()))?;
    let mut child = Command::new(program)
        .args([CHILD, campaign.name, &seed.to_string(), &first.to_string(), &count.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| failed(e.to_string()))?;
    let numbers = follow(child.stdout.take());
    let words = gather(child.stderr.take());
    let mut case = first;
    let hung = loop {
        match numbers.recv_timeout(hang_limit()) {
            Ok(Some(number)) => case = number,
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    let verdict = conclude(&mut child, hung);
    let words = words.recv().unwrap_or_default();
    verdict.map_err(|why| (case, format!("{why}\n{words}")))
}

fn conclude(child: &mut Child, hung: bool) -> Result<(), String> {
    if hung {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    match (hung, status.success()) {
        (true, _) => Err(format!("no end within {} s", hang_limit().as_secs())),
        (false, true) => Ok(()),
        (false, false) => Err(status.to_string()),
    }
}

/// The numbers that a child writes, then `None`.
fn follow(pipe: Option<ChildStdout>) -> Receiver<Option<u64>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let lines = pipe.map(|pipe| BufReader::new(pipe).lines());
        for number in lines.into_iter().flatten().map_while(Result::ok).filter_map(|l| l.parse().ok()) {
            if sender.send(Some(number)).is_err() {
                return;
            }
        }
        let _ = sender.send(None);
    });
    receiver
}

fn gather(pipe: Option<ChildStderr>) -> Receiver<String> {
    const MOST: u64 = 4000;
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.by_ref().take(MOST).read_to_end(&mut kept);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        let _ = sender.send(String::from_utf8_lossy(&kept).into_owned());
    });
    receiver
}
