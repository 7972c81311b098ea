// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/sqlite.h"

namespace saef::key_store::sqlite {

Error ToError(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error::kBusy;
    default:
      return Error::kStore;
  }
}

Result<void> Execute(sqlite3* database, const char* statements) {
  const int code = sqlite3_exec(database, statements, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return ToError(code);
  }
  return {};
}

Statement::Statement(sqlite3* database, std::string_view text) {
  sqlite3_stmt* statement = nullptr;
  compiled_ =
      sqlite3_prepare_v2(database, text.data(), static_cast<int>(text.size()), &statement, nullptr);
  error_ = compiled_;
  statement_.reset(statement);
}

Statement& Statement::Bind(int index, std::string_view text) {
  if (error_ == SQLITE_OK) {
    error_ = sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_STATIC,
                                 SQLITE_UTF8);
  }
  return *this;
}

Statement& Statement::Bind(int index, std::span<const std::uint8_t> blob) {
  if (error_ == SQLITE_OK) {
    error_ = sqlite3_bind_blob64(statement_.get(), index, blob.data(), blob.size(), SQLITE_STATIC);
  }
  return *this;
}

Statement& Statement::Bind(int index, std::int64_t number) {
  if (error_ == SQLITE_OK) {
    error_ = sqlite3_bind_int64(statement_.get(), index, number);
  }
  return *this;
}

Statement& Statement::BindNull(int index) {
  if (error_ == SQLITE_OK) {
    error_ = sqlite3_bind_null(statement_.get(), index);
  }
  return *this;
}

Result<bool> Statement::Step() {
  if (error_ != SQLITE_OK) {
    return ToError(error_);
  }
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  error_ = code;
  return ToError(code);
}

void Statement::Reset() {
  if (statement_ != nullptr) {
    // Tells the last step's error once more.
    static_cast<void>(sqlite3_reset(statement_.get()));
    sqlite3_clear_bindings(statement_.get());
  }
  error_ = compiled_;
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string_view Statement::Text(int column) const {
  // As a text it would be copied, to end with NUL.
  const auto* text = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  if (text == nullptr) {
    return {};
  }
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::span<const std::uint8_t> Statement::Blob(int column) const {
  const auto* blob = sqlite3_column_blob(statement_.get(), column);
  return {static_cast<const std::uint8_t*>(blob),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::int64_t Statement::Number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

Transaction::~Transaction() {
  if (open_) {
    // Nothing to do about a failure: SQLite has then rolled back by itself.
    static_cast<void>(Execute(database_, "ROLLBACK"));
  }
}

Result<void> Transaction::Begin() {
  auto begun = Execute(database_, "BEGIN IMMEDIATE");
  open_ = begun.has_value();
  return begun;
}

Result<void> Transaction::Commit() {
  auto committed = Execute(database_, "COMMIT");
  if (committed) {
    open_ = false;
  }
  return committed;
}

}  // namespace saef::key_store::sqlite
