// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a key (Km, the MAF's store key) from a file of its own. Configurations name such files,
// and never hold a key themselves.
//
// The file: hexadecimal digits, one line, white space around it allowed; 16 to 64 octets of key; a
// regular file of at most kMaxKeyFileSize octets that belongs to the user we run as, or to root,
// and that nobody else may read or write (mode 0600 or stricter). It is opened once, and what is
// checked is what is read. Threads: any.
#ifndef SAEF_BINDINGS_KEY_FILE_H_
#define SAEF_BINDINGS_KEY_FILE_H_

#include <cstddef>
#include <string>
#include <variant>

#include "bindings/file.h"
#include "onem2m/secret.h"

namespace saef::bindings {

inline constexpr std::size_t kMaxKeyFileSize = 1024;

// The key, or a sentence for a person that names the file and what to do about it ("chmod 600 …").
std::variant<onem2m::Secret, std::string> ReadKeyFile(const std::string& path);

// What is wrong with who owns the file or who else may read it, as a sentence; empty: nothing.
std::string CheckOwnerAndMode(const File& file, const std::string& path);

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_KEY_FILE_H_
