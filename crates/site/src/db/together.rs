//! Writers share a commit: each waits for the disk, and the disk takes many transactions as readily as one.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// Writes that share a commit, at most: those that come later wait for the next.
const SHARED: usize = 64;

/// A write that waits for its turn. It says whether what it did stands, or is to be undone.
type Job = Box<dyn FnOnce(&Transaction<'_>) -> Verdict + Send>;

/// What became of a write within the commit that it shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Keep,
    Undo,
}

/// What became of the commit; nothing while it is not over.
type Committed = Arc<Mutex<Option<rusqlite::Result<()>>>>;

/// Writes that wait for whoever has the connection.
#[derive(Default)]
pub(super) struct Queue(Mutex<Vec<(Job, Committed)>>);

impl Queue {
    /// Runs a write in a savepoint of its own, within a transaction that others may share. It returns once all of it
    /// is on the disk. What `work` refuses is undone, and nothing of the others; what a commit loses is lost for all.
    pub(super) fn write<T: Send + 'static, E: From<rusqlite::Error> + Send + 'static>(
        &self,
        writer: &Mutex<Connection>,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (answer, state) = (Arc::new(Mutex::new(None)), Arc::new(Mutex::new(None)));
        let mine = Arc::clone(&answer);
        let job = Box::new(move |transaction: &Transaction<'_>| {
            // A panic is the caller's, who is not the thread that this runs on.
            let done = catch_unwind(AssertUnwindSafe(|| work(transaction)));
            let verdict = if matches!(done, Ok(Ok(_))) { Verdict::Keep } else { Verdict::Undo };
            *mine.lock() = Some(done);
            verdict
        });
        self.0.lock().push((job, Arc::clone(&state)));
        loop {
            let mut writer = writer.lock();
            if state.lock().is_some() {
                break;
            }
            self.run(&mut writer);
        }
        let committed = state.lock().take().unwrap_or(Ok(()));
        match answer.lock().take() {
            // It was refused whatever became of the commit.
            Some(Ok(Err(refused))) => Err(refused),
            Some(Err(panic)) => resume_unwind(panic),
            Some(Ok(Ok(done))) => committed.map(|()| done).map_err(E::from),
            None => Err(E::from(committed.err().unwrap_or(rusqlite::Error::UnwindingPanic))),
        }
    }

    /// Runs what waits, and tells each what became of it. With nothing that waits it does nothing.
    fn run(&self, writer: &mut Connection) {
        let mut jobs = std::mem::take(&mut *self.0.lock());
        if jobs.len() > SHARED {
            let later = jobs.split_off(SHARED);
            let mut waiting = self.0.lock();
            let newer = std::mem::replace(&mut *waiting, later);
            waiting.extend(newer);
        }
        let (work, states): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
        let done = all(writer, work);
        for state in states {
            *state.lock() = Some(match &done {
                Ok(()) => Ok(()),
                Err(error) => Err(again(error)),
            });
        }
    }
}

fn all(writer: &mut Connection, jobs: Vec<Job>) -> rusqlite::Result<()> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in jobs {
        transaction.execute_batch("SAVEPOINT job")?;
        let verdict = job(&transaction);
        // A disk that is full, say, ends the whole transaction; then there is no savepoint, and all of it is lost.
        let end = match verdict {
            Verdict::Keep => "RELEASE job",
            Verdict::Undo => "ROLLBACK TO job; RELEASE job",
        };
        transaction.execute_batch(end)?;
    }
    transaction.commit()
}

/// The same error for one more of those who shared the commit.
fn again(error: &rusqlite::Error) -> rusqlite::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, text) => rusqlite::Error::SqliteFailure(*code, text.clone()),
        other => rusqlite::Error::ToSqlConversionFailure(other.to_string().into()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    fn numbers(writer: &Mutex<Connection>) -> Vec<i64> {
        let writer = writer.lock();
        let mut statement = writer.prepare("SELECT x FROM a ORDER BY x").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn memory() -> Mutex<Connection> {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT").unwrap();
        Mutex::new(connection)
    }

    #[test]
    fn those_who_share_a_commit_fail_alone() {
        let (writer, queue) = (memory(), Queue::default());
        writer.lock().execute("INSERT INTO a VALUES (-1)", []).unwrap();
        let count = 3 * SHARED;
        let together = Barrier::new(count);
        std::thread::scope(|scope| {
            // While somebody has the connection, all the others gather.
            let held = writer.lock();
            let all: Vec<_> = (0..count)
                .map(|x| {
                    let (queue, writer, together) = (&queue, &writer, &together);
                    scope.spawn(move || {
                        together.wait();
                        let done = catch_unwind(AssertUnwindSafe(|| {
                            queue.write::<_, rusqlite::Error>(writer, move |db| {
                                db.execute("INSERT INTO a VALUES (?1)", [x as i64])?;
                                assert!(x % 3 != 1, "a surprise");
                                if x % 3 == 2 { db.execute("INSERT INTO a VALUES (-1)", []) } else { Ok(x) }
                            })
                        }));
                        match (x % 3, done) {
                            (0, Ok(Ok(same))) => assert_eq!(same, x),
                            (1, Err(_)) | (2, Ok(Err(_))) => (),
                            (_, other) => panic!("{x}: {}", other.is_ok()),
                        }
                    })
                })
                .collect();
            while queue.0.lock().len() < count {
                std::thread::yield_now();
            }
            drop(held);
            for one in all {
                one.join().unwrap();
            }
        });
        let kept: Vec<i64> = [-1].into_iter().chain((0..count as i64).filter(|x| x % 3 == 0)).collect();
        assert_eq!(numbers(&writer), kept);
    }

    #[test]
    fn what_a_commit_loses_is_lost_for_all_who_share_it_and_said() {
        let (writer, queue) = (memory(), Queue::default());
        let later = "PRAGMA foreign_keys = 1;
            CREATE TABLE b (x INTEGER REFERENCES a (x) DEFERRABLE INITIALLY DEFERRED) STRICT";
        writer.lock().execute_batch(later).unwrap();
        let insert =
            |sql: &'static str| queue.write::<_, rusqlite::Error>(&writer, move |db| db.execute(sql, []));
        std::thread::scope(|scope| {
            let held = writer.lock();
            // Neither is refused itself: it is the commit that fails.
            let all = ["INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (7)"]
                .map(|sql| scope.spawn(move || insert(sql).unwrap_err()));
            while queue.0.lock().len() < 2 {
                std::thread::yield_now();
            }
            drop(held);
            for one in all {
                assert!(one.join().unwrap().to_string().contains("FOREIGN KEY"));
            }
        });
        insert("INSERT INTO a VALUES (2)").unwrap();
        assert_eq!(numbers(&writer), [2]);
    }
}
