// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/store_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>

#include "bindings/log.h"
#include "roles/key-store/sealed_key.h"

namespace saef::key_store {
namespace {

constexpr const char* kStoreTable = R"(
  CREATE TABLE store(
    id INTEGER PRIMARY KEY CHECK(id = 1),
    fqdn TEXT NOT NULL,
    key_check BLOB NOT NULL) STRICT;
)";

// Sealed when the store is made; it unseals under the right store key only.
onem2m::Result<onem2m::Secret> CheckValue() {
  constexpr std::array<std::uint8_t, 16> kValue{};
  return onem2m::Secret::Copy(kValue);
}

AuthenticatedFields CheckFields(const StoreKind& kind, std::string_view fqdn) {
  AuthenticatedFields fields("saef " + std::string(kind.party) + " store key check 1");
  fields.Add(fqdn);
  return fields;
}

// Another process has the lock. SQLite's own waiting looks every 100 ms in the end, so that a
// process that writes without pause keeps the others out for good; looking each millisecond finds
// its gaps.
int WaitForLock(void*, int times) {
  constexpr std::chrono::milliseconds kPause{1};
  if (times * kPause >= kBusyTimeout) {
    return 0;
  }
  std::this_thread::sleep_for(kPause);
  return 1;
}

// Towards a file that somebody has tampered with.
constexpr const char* kCautious = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;";

// SQLite counts its memory under a lock that all connections share; nobody asks for the number.
// Where somebody has begun to use SQLite before us, it stays.
void ConfigureOnce() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

// What isn't there is not made.
int Connect(const std::string& path, sqlite::Database& database) {
  ConfigureOnce();
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &connection,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database.reset(connection);
  return code;
}

class Opening {
 public:
  Opening(const std::string& path, const onem2m::Secret& store_key, const onem2m::Fqdn& fqdn,
          const StoreKind& kind)
      : path_(path), store_key_(store_key), fqdn_(fqdn), kind_(kind) {}

  std::variant<sqlite::Database, std::string> Run() {
    std::string error = OpenFile();
    if (error.empty()) {
      error = SetUp();
    }
    if (error.empty()) {
      error = CheckIntegrity();
    }
    if (error.empty()) {
      error = MakeOrCheckTables();
    }
    if (!error.empty()) {
      return "the store " + bindings::Quote(path_, 4096) + " " + error;
    }
    return std::move(database_);
  }

 private:
  std::string OpenFile() {
    // SQLite would make it readable for others; the files beside it take its mode.
    const int descriptor = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
      return "can't be opened: " + std::generic_category().message(errno);
    }
    close(descriptor);
    return Connect(path_, database_) == SQLITE_OK ? "" : "can't be opened: " + Reason();
  }

  std::string SetUp() {
    sqlite3_busy_handler(database_.get(), WaitForLock, nullptr);
    sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (!sqlite::Execute(database_.get(), kCautious) ||
        !sqlite::Execute(database_.get(), "PRAGMA secure_delete = ON;") || !UseWriteAheadLog() ||
        !sqlite::Execute(database_.get(),
                         "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;")) {
      return "can't be used: " + Reason();
    }
    return {};
  }

  // Two processes that open a new store at once get in each other's way here, and SQLite doesn't
  // wait as it does elsewhere.
  bool UseWriteAheadLog() {
    const auto deadline = std::chrono::steady_clock::now() + kBusyTimeout;
    for (;;) {
      sqlite::Statement statement(database_.get(), "PRAGMA journal_mode = WAL");
      const auto row = statement.Step();
      if (row && *row && statement.Text(0) == "wal") {
        return true;
      }
      if (row || row.error() != Error::kBusy || std::chrono::steady_clock::now() >= deadline) {
        return false;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::string CheckIntegrity() {
    sqlite::Statement statement(database_.get(), "PRAGMA integrity_check(1)");
    const auto row = statement.Step();
    if (!row || !*row) {
      return "can't be checked: " + Reason();
    }
    if (statement.Text(0) != "ok") {
      return "is damaged: " + bindings::Quote(statement.Text(0));
    }
    return {};
  }

  std::string MakeOrCheckTables() {
    sqlite::Transaction transaction(database_.get());
    if (!transaction.Begin()) {
      return "can't be written: " + Reason();
    }
    std::string error = IsEmpty() ? MakeTables() : CheckTables();
    if (error.empty() && !transaction.Commit()) {
      error = "can't be written: " + Reason();
    }
    return error;
  }

  bool IsEmpty() {
    sqlite::Statement statement(database_.get(), "SELECT 1 FROM sqlite_schema LIMIT 1");
    const auto row = statement.Step();
    return row && !*row && Pragma("user_version") == 0;
  }

  std::string MakeTables() {
    const std::string marks = "PRAGMA application_id = " + std::to_string(kind_.application_id) +
                              "; PRAGMA user_version = " + std::to_string(kind_.version) + ";";
    const auto value = CheckValue();
    if (!value) {
      return "can't be made: " + value.error().message();
    }
    const auto sealed = Seal(store_key_, *value, CheckFields(kind_, fqdn_.text()));
    if (!sealed) {
      return "can't be made: " + sealed.error().message();
    }
    if (!sqlite::Execute(database_.get(), kStoreTable) ||
        !sqlite::Execute(database_.get(), kind_.tables) ||
        !sqlite::Execute(database_.get(), marks.c_str())) {
      return "can't be made: " + Reason();
    }
    sqlite::Statement insert(database_.get(),
                             "INSERT INTO store(id, fqdn, key_check) VALUES(1, ?1, ?2)");
    insert.Bind(1, fqdn_.text()).Bind(2, *sealed);
    return insert.Step() ? "" : "can't be made: " + Reason();
  }

  std::string CheckTables() {
    if (Pragma("application_id") != kind_.application_id) {
      return "is a file of another program";
    }
    if (const auto found = Pragma("user_version"); found != kind_.version) {
      return "has tables of version " + std::to_string(found) + "; this program knows version " +
             std::to_string(kind_.version);
    }
    sqlite::Statement select(database_.get(), "SELECT fqdn, key_check FROM store WHERE id = 1");
    const auto row = select.Step();
    if (!row || !*row) {
      return "is damaged: " + Reason();
    }
    if (select.Text(0) != fqdn_.text()) {
      return "belongs to the " + std::string(kind_.party) + " " + bindings::Quote(select.Text(0)) +
             ", not to " + fqdn_.text();
    }
    if (!Unseal(store_key_, select.Blob(1), CheckFields(kind_, fqdn_.text()))) {
      return "was made with another store key than the one in storeKeyFile";
    }
    return {};
  }

  std::int64_t Pragma(std::string_view name) {
    const std::string text = "PRAGMA " + std::string(name);
    sqlite::Statement statement(database_.get(), text);
    const auto row = statement.Step();
    return row && *row ? statement.Number(0) : -1;
  }

  std::string Reason() const { return sqlite3_errmsg(database_.get()); }

  const std::string& path_;
  const onem2m::Secret& store_key_;
  const onem2m::Fqdn& fqdn_;
  const StoreKind& kind_;
  sqlite::Database database_;
};

}  // namespace

std::variant<sqlite::Database, std::string> OpenReader(const std::string& path) {
  sqlite::Database database;
  if (Connect(path, database) == SQLITE_OK &&
      sqlite3_busy_timeout(database.get(), static_cast<int>(kReaderTimeout.count())) == SQLITE_OK &&
      sqlite::Execute(database.get(), kCautious) &&
      sqlite::Execute(database.get(), "PRAGMA query_only = ON;")) {
    return database;
  }
  return "the store " + bindings::Quote(path, 4096) +
         " can't be read: " + sqlite3_errmsg(database.get());
}

std::variant<sqlite::Database, std::string> OpenStore(const std::string& path,
                                                      const onem2m::Secret& store_key,
                                                      const onem2m::Fqdn& fqdn,
                                                      const StoreKind& kind) {
  return Opening(path, store_key, fqdn, kind).Run();
}

}  // namespace saef::key_store
