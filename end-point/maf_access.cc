// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/maf_access.h"

#include <algorithm>
#include <utility>

#include "end-point/kept_enrolment.h"

namespace saef::end_point {
namespace {

using bindings::LogLevel;
using onem2m::mef::MafCredentialType;

// Each state here has instructions.
bool IsSymmetric(const EnrolmentState& state) {
  return state.maf->credential_type == MafCredentialType::kSymmetricKey;
}

std::optional<bindings::Uri> ToUri(const std::string& text) {
  auto uri = bindings::Uri::Parse(text);
  if (!uri || !uri->secure() || uri->path.size() < 2) return std::nullopt;
  return std::move(*uri);
}

onem2m::Result<EnrolmentState> CopyOf(const EnrolmentState& state) {
  auto ke = state.ke.Clone();
  if (!ke) return ke.error();
  return EnrolmentState{state.ke_id,       std::move(*ke), state.enrolled, state.expires,
                        state.enrolled_as, state.maf,      state.km_id,    state.km_id_expires};
}

}  // namespace

MafAccess::MafAccess(Options options)
    : options_([&options] {
        if (!options.log) options.log = [](LogLevel, std::string_view) {};
        return std::move(options);
      }()) {}

bool MafAccess::by_enrolment() const {
  return std::holds_alternative<Enrolment>(options_.credential);
}

bool MafAccess::Counts(onem2m::Time now) const {
  if (!by_enrolment()) return true;
  return state_ && !refused_ && state_->end() > now && (state_->km_id || !IsSymmetric(*state_));
}

bool MafAccess::ready() const {
  const MutexLock lock(mutex_);
  return Counts(onem2m::Now());
}

std::optional<onem2m::Time> MafAccess::due() const {
  if (!by_enrolment()) return std::nullopt;
  const MutexLock lock(mutex_);
  return Counts(onem2m::Now()) ? due_ : onem2m::Time{};
}

std::optional<bindings::Uri> MafAccess::key_registration() const {
  const MutexLock lock(mutex_);
  return state_ ? ToUri(state_->maf->key_registration) : std::nullopt;
}

std::optional<bindings::Uri> MafAccess::key_retrieval() const {
  const MutexLock lock(mutex_);
  return state_ ? ToUri(state_->maf->key_retrieval) : std::nullopt;
}

std::uint64_t MafAccess::generation() const {
  const MutexLock lock(mutex_);
  return generation_;
}

std::uint64_t MafAccess::enrolments() const {
  const MutexLock lock(mutex_);
  return enrolments_;
}

void MafAccess::Refused(std::uint64_t generation) {
  if (!by_enrolment()) return;
  const MutexLock lock(mutex_);
  if (generation == generation_) refused_ = true;
}

EnroleeContext MafAccess::ContextOf(const Enrolment& enrolment) {
  return {enrolment,
          &options_.maf,
          options_.originator,
          options_.timeout,
          options_.open_client,
          options_.log,
          by_enrolment() ? &interruption_ : nullptr};
}

Outcome<void> MafAccess::Ensure() {
  const auto* const enrolment = std::get_if<Enrolment>(&options_.credential);
  if (enrolment == nullptr) return {};
  const MutexLock procedure(procedure_);
  if (!restored_) {
    // Once, at the first use: what an earlier run has left.
    if (auto kept = TakeUpEnrolment(*enrolment, &options_.maf, options_.log)) {
      Adopt(std::move(*kept));
    }
    restored_ = true;
  }
  {
    const MutexLock lock(mutex_);
    const onem2m::Time now = onem2m::Now();
    if (Counts(now) && now < due_) return {};
  }
  return Renew(*enrolment);
}

Outcome<void> MafAccess::Renew(const Enrolment& enrolment) {
  auto state = Obtain(enrolment);
  if (!state) return RenewalFailed(state.error());
  Adopt(std::move(*state));
  return {};
}

Outcome<EnrolmentState> MafAccess::Obtain(const Enrolment& enrolment) {
  std::optional<EnrolmentState> known;
  {
    const MutexLock lock(mutex_);
    const onem2m::Time now = onem2m::Now();
    const bool alive =
        state_ && state_->expires > now && now < RenewalTime(state_->enrolled, state_->expires);
    if (alive && IsSymmetric(*state_)) {
      auto copy = CopyOf(*state_);
      if (copy) known = std::move(*copy);
    }
  }
  if (known) {
    // Ke still lives, KmId doesn't, or isn't there yet: the MAF may give one (another one).
    auto completed = Complete(enrolment, *known);
    if (completed) return std::move(*known);
    // A MAF that can't be reached says nothing about Ke.
    if (completed.error().kind != FailureKind::kRefused) return completed.error();
    options_.log(LogLevel::kWarning, completed.error().text + "; enrolling afresh");
  }
  auto state = Enrol(ContextOf(enrolment));
  if (!state) return state.error();
  {
    const MutexLock lock(mutex_);
    ++enrolments_;
  }
  options_.log(LogLevel::kInfo, "enrolled at the MEF " + enrolment.mef.text() + ": " +
                                    bindings::Quote(state->ke_id.text()) + " until " +
                                    onem2m::FormatTimestamp(state->expires));
  KeepEnrolment(enrolment, *state, options_.log);
  if (!IsSymmetric(*state)) return state;
  if (auto completed = Complete(enrolment, *state); !completed) {
    // Kept, unless an older one still serves: the next try is for a KmId alone.
    const MutexLock lock(mutex_);
    if (!Counts(onem2m::Now()) && completed.error().kind != FailureKind::kRefused) {
      state_ = std::move(*state);
      refused_ = false;
    }
    return completed.error();
  }
  return state;
}

// TS-0003 8.x.3 step 4: "store the parameters".
Outcome<void> MafAccess::Complete(const Enrolment& enrolment, EnrolmentState& state) {
  auto answer = RetrieveKmId(ContextOf(enrolment), state);
  if (!answer) return answer.error();
  state.km_id = std::move(answer->km_id);
  state.km_id_expires = answer->expiration_time;
  options_.log(LogLevel::kInfo, "the MAF " + options_.maf.text() + " has assigned the KmId " +
                                    bindings::Quote(state.km_id->text()));
  KeepEnrolment(enrolment, state, options_.log);
  return {};
}

void MafAccess::Adopt(EnrolmentState state) {
  const onem2m::Time now = onem2m::Now();
  const onem2m::Time begin = std::min(state.enrolled, now);
  const MutexLock lock(mutex_);
  due_ = RenewalTime(begin, state.end());
  // A KmId that was assigned late in Ke's life ends with it: there is no point in asking at once.
  if (due_ <= now) due_ = RenewalTime(now, state.end());
  state_ = std::move(state);
  refused_ = false;
  ++generation_;
}

Outcome<void> MafAccess::RenewalFailed(Failure failure) {
  const MutexLock lock(mutex_);
  const onem2m::Time now = onem2m::Now();
  if (!Counts(now)) return failure;
  due_ = RenewalRetryTime(now, state_->end());
  options_.log(LogLevel::kWarning, "the enrolment can't be renewed yet: " + failure.text);
  return {};
}

bindings::Result<Access> MafAccess::CurrentAccess() const {
  if (const auto* psk = std::get_if<bindings::PskCredential>(&options_.credential)) {
    auto key = psk->key.Clone();
    if (!key) return bindings::Error::kLibrary;
    return Access(bindings::PskCredential{psk->identity, std::move(*key)});
  }
  if (const auto* certificate = std::get_if<CertificateAccess>(&options_.credential)) {
    auto own = bindings::Clone(certificate->own);
    if (!own) return own.error();
    return Access(CertificateAccess{std::move(*own), certificate->trust_anchors});
  }
  if (!state_) return bindings::Error::kNotEstablished;
  if (IsSymmetric(*state_)) {
    if (!state_->km_id) return bindings::Error::kNotEstablished;
    auto km = DeriveKm(*state_);
    if (!km) return bindings::Error::kLibrary;
    return Access(bindings::PskCredential{state_->km_id->text(), std::move(*km)});
  }
  // TS-0003 8.3.2.1 step 10: the MAF is asked by certificate, and trusted by the anchors that the
  // MEF gave.
  auto access = Clone(std::get<Enrolment>(options_.credential).access);
  if (!access) return access.error();
  auto* const certificate = std::get_if<CertificateAccess>(&*access);
  if (certificate == nullptr) return bindings::Error::kNotEstablished;
  if (!state_->maf->trust_anchors.empty()) certificate->trust_anchors = state_->maf->trust_anchors;
  return std::move(*access);
}

Outcome<MafAccess::Opened> MafAccess::Open(bindings::ClientOptions client) {
  if (auto ensured = Ensure(); !ensured) return ensured.error();
  Opened opened;
  if (client.uri.host.empty()) {
    auto instructed = key_retrieval();
    if (!instructed) {
      return Failure{Party::kMef, FailureKind::kBadAnswer,
                     "the MEF's answer: the Key Retrieval URI is none of coaps or https"};
    }
    opened.path = instructed->path;
    client.uri = std::move(*instructed);
  }
  {
    const MutexLock lock(mutex_);
    auto access = CurrentAccess();
    if (!access) {
      return MakeFailure(Party::kSelf, access.error(),
                         "taking the credential for the MAF " + options_.maf.text());
    }
    if (const auto applied = Apply(*access, options_.maf, client); !applied) {
      return MakeFailure(Party::kSelf, applied.error(), "copying a credential");
    }
    opened.generation = generation_;
  }
  client.log = options_.log;
  auto made = options_.open_client(std::move(client));
  if (!made) return MakeFailure(Party::kMaf, made.error(), "opening a client");
  opened.client = std::move(*made);
  return opened;
}

}  // namespace saef::end_point
