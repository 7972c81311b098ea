// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/enrolee.h"

#include <wolfssl/wolfcrypt/settings.h>
// The settings come first: the others depend on them.
#include <wolfssl/wolfcrypt/hash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "onem2m/key_derivation.h"
#include "onem2m/mef_interface.h"
#include "onem2m/suid.h"

namespace saef::end_point {
namespace {

using bindings::Quote;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;

constexpr std::string_view kReleaseVersion = "3";

Failure BadAnswerOf(Party party, const std::string& text) {
  return {party, FailureKind::kBadAnswer, std::string(Name(party)) + "'s answer: " + text};
}

// A session with a party, interruptible as long as it is there.
struct Session {
  std::unique_ptr<bindings::Client> client;
  std::unique_ptr<Interruption::Scope> scope;  // goes first
};

Failure Interrupted() { return {Party::kSelf, FailureKind::kLocal, "interrupted"}; }

Outcome<Session> OpenTo(const EnroleeContext& context, Party party, const bindings::Uri& uri,
                        const Access& access, const onem2m::Fqdn& fqdn) {
  bindings::ClientOptions options;
  options.uri = uri;
  if (const auto applied = Apply(access, fqdn, options); !applied) {
    return MakeFailure(Party::kSelf, applied.error(), "copying a credential");
  }
  options.handshake_timeout = context.timeout;
  options.max_content_length = onem2m::mef::kMaxContentLength;
  options.log = context.log;
  auto client = context.open_client(std::move(options));
  if (!client) return MakeFailure(party, client.error(), "opening a client");
  Session session{std::move(*client), nullptr};
  if (context.interruption != nullptr) {
    session.scope = std::make_unique<Interruption::Scope>(*context.interruption, *session.client);
    if (context.interruption->interrupted()) return Interrupted();
  }
  if (const auto connected = session.client->Connect(); !connected) {
    return MakeFailure(party, connected.error(), "opening a session at " + uri.text());
  }
  return session;
}

std::string DescribeRefusal(const ResponsePrimitive& response) {
  std::string text = std::to_string(onem2m::Number(response.status)) + " " +
                     std::string(onem2m::Name(response.status));
  return response.content.empty() ? text : text + " " + Quote(response.content);
}

// A session that ended meanwhile was followed by another one, which isn't the one whose keys count.
Outcome<ResponsePrimitive> Exchange(const EnroleeContext& context, Party party,
                                    bindings::Client& client, RequestPrimitive request) {
  if (context.interruption != nullptr && context.interruption->interrupted()) return Interrupted();
  const std::uint64_t session = client.sessions_established();
  request.from = context.originator;
  request.release_version = std::string(kReleaseVersion);
  auto response = client.SendAndWait(std::move(request), context.timeout);
  if (!response) return MakeFailure(party, response.error(), "waiting for the answer");
  if (client.sessions_established() != session) {
    return Failure{party, FailureKind::kUnreachable,
                   "the session with " + std::string(Name(party)) + " ended meanwhile"};
  }
  if (!onem2m::IsSuccess(response->status)) {
    return Failure{party, FailureKind::kRefused,
                   std::string(Name(party)) + " refuses: " + DescribeRefusal(*response)};
  }
  return std::move(*response);
}

// TS-0003 8.3.2.1, Enrolment Key Generation.
Outcome<onem2m::ExportedKey> ExportKe(bindings::Client& mef) {
  const auto exported =
      mef.ExportKeyingMaterial(onem2m::kBootstrapExportLabel, onem2m::kExportLength);
  if (!exported) return MakeFailure(Party::kMef, exported.error(), "exporting Ke");
  auto split = onem2m::SplitExport(exported->bytes());
  if (!split) return MakeFailure(Party::kSelf, split.error(), "splitting the exported key");
  return std::move(*split);
}

std::string_view Hex(unsigned octet, char (&digits)[2]) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  digits[0] = kDigits[octet >> 4];
  digits[1] = kDigits[octet & 15];
  return {digits, 2};
}

}  // namespace

std::string NameOf(const Access& access) {
  if (const auto* const psk = std::get_if<bindings::PskCredential>(&access)) {
    return "kpmId " + psk->identity;
  }
  const auto& chain = std::get<CertificateAccess>(access).own.chain;
  std::array<byte, WC_SHA256_DIGEST_SIZE> digest{};
  std::string name = "certificate ";
  if (chain.empty() ||
      wc_Sha256Hash(reinterpret_cast<const byte*>(chain.front().data()),
                    static_cast<word32>(chain.front().size()), digest.data()) != 0) {
    return name;
  }
  char digits[2];
  for (const byte octet : digest) name += Hex(octet, digits);
  return name;
}

Outcome<EnrolmentState> Enrol(const EnroleeContext& context) {
  const Enrolment& enrolment = context.enrolment;
  auto mef = OpenTo(context, Party::kMef, enrolment.uri, enrolment.access, enrolment.mef);
  if (!mef) return mef.error();
  auto exported = ExportKe(*mef->client);
  if (!exported) return exported.error();
  auto ke_id = onem2m::KeId::FromExport(exported->relative_id, enrolment.mef);
  if (!ke_id) return MakeFailure(Party::kSelf, ke_id.error(), "making KeId");
  RequestPrimitive request;
  request.operation = onem2m::Operation::kCreate;
  request.resource_type = onem2m::mef::kEnrolmentResourceType;
  request.to = enrolment.uri.path.substr(1);
  request.request_identifier = "enrolment";
  onem2m::mef::EnrolmentRequest wish;
  wish.maf_enrolment = context.maf != nullptr;
  request.content = onem2m::mef::Write(wish);
  const auto response = Exchange(context, Party::kMef, *mef->client, std::move(request));
  if (!response) return response.error();
  const onem2m::Time now = onem2m::Now();
  auto answer = onem2m::mef::ParseEnrolmentResponse(response->content);
  if (!answer) return BadAnswerOf(Party::kMef, answer.error().message());
  const auto named = onem2m::KeId::Make(answer->relative_key_id, enrolment.mef);
  if (!named || !(*named == *ke_id)) {
    return BadAnswerOf(Party::kMef, "it calls the key by another name than this session gives it");
  }
  EnrolmentState state{std::move(*ke_id),
                       std::move(exported->key),
                       now,
                       now + answer->lifetime,
                       NameOf(enrolment.access),
                       {},
                       {},
                       {}};
  if (context.maf == nullptr) return state;
  const auto maf =
      std::ranges::find(answer->mafs, *context.maf, &onem2m::mef::MafInstructions::fqdn);
  if (maf == answer->mafs.end()) {
    return BadAnswerOf(Party::kMef, "no instructions for the MAF " + context.maf->text());
  }
  state.maf = std::move(*maf);
  return state;
}

onem2m::Result<onem2m::Secret> DeriveKm(const EnrolmentState& state) {
  return onem2m::DeriveUsageConstrainedKey(state.ke, onem2m::Suid::kRspfMaf,
                                           state.maf->fqdn.text());
}

Outcome<onem2m::maf::KmIdRetrievalResponse> RetrieveKmId(const EnroleeContext& context,
                                                         const EnrolmentState& state) {
  const auto uri = bindings::Uri::Parse(state.maf->km_id_retrieval.value_or(""));
  if (!uri || !uri->secure() || uri->path.size() < 2) {
    return BadAnswerOf(Party::kMef, "the KmId Retrieval URI is none of coaps or https with a path");
  }
  auto km = DeriveKm(state);
  if (!km) return MakeFailure(Party::kSelf, km.error(), "deriving Km");
  // TS-0003 8.3.2.1, Use of Remotely Provisioned Credential: KeId is the symmetric key identifier.
  const Access access = bindings::PskCredential{state.ke_id.text(), std::move(*km)};
  auto maf = OpenTo(context, Party::kMaf, *uri, access, state.maf->fqdn);
  if (!maf) return maf.error();
  // TS-0003 8.x.3 step 2.
  RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = uri->path.substr(1);
  request.request_identifier = "km-id-retrieval";
  const auto response = Exchange(context, Party::kMaf, *maf->client, std::move(request));
  if (!response) return response.error();
  auto answer = onem2m::maf::ParseKmIdRetrievalResponse(response->content);
  if (!answer) return BadAnswerOf(Party::kMaf, answer.error().message());
  if (answer->km_id.fqdn() != state.maf->fqdn) {
    return BadAnswerOf(Party::kMaf, "the KmId isn't of this MAF");
  }
  if (answer->expiration_time && *answer->expiration_time <= onem2m::Now()) {
    return BadAnswerOf(Party::kMaf, "the KmId has expired already");
  }
  return std::move(*answer);
}

}  // namespace saef::end_point
