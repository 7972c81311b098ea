// SPDX-License-Identifier: GPL-3.0-or-later
//
// EnrolmentState: what an End-Point has of an enrolment: Ke with its name and its end; where it is
// for a MAF, the instructions, and, once the MAF has assigned it, KmId. And the file that keeps it
// across restarts.
//
// The file: JSON, mode 0600, of the user that runs the program; written beside and moved into
// place, so that a crash leaves the old one or the new one. Km and Kpsa aren't in it: they are
// derived from Ke.
//
// Threads: any, one at a time for a file.
#ifndef SAEF_END_POINT_ENROLMENT_STATE_H_
#define SAEF_END_POINT_ENROLMENT_STATE_H_

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "onem2m/fqdn.h"
#include "onem2m/key_identifier.h"
#include "onem2m/mef_interface.h"
#include "onem2m/secret.h"
#include "onem2m/timestamp.h"

namespace saef::end_point {

struct EnrolmentState {
  onem2m::KeId ke_id;
  onem2m::Secret ke;
  onem2m::Time enrolled{};
  onem2m::Time expires{};  // of Ke, and so of what is derived from it
  // By which KpmId or certificate it was enrolled; another one in the configuration is a reason to
  // enrol afresh.
  std::string enrolled_as;
  std::optional<onem2m::mef::MafInstructions> maf;  // none: Ke is for Entity B (Kpsa)
  // From KmId Retrieval on; none for a MAF that is asked by certificate.
  std::optional<onem2m::KmId> km_id;
  std::optional<onem2m::Time> km_id_expires;  // where the MAF said so

  // The earlier of the two ends.
  onem2m::Time end() const { return km_id_expires ? std::min(*km_id_expires, expires) : expires; }
};

// nullopt: there is no such file. Or a sentence: why it can't be used.
std::variant<std::optional<EnrolmentState>, std::string> ReadEnrolmentState(
    const std::string& path);
// Empty: written, and on the disk. Else a sentence.
std::string WriteEnrolmentState(const std::string& path, const EnrolmentState& state);

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_ENROLMENT_STATE_H_
