// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef connect`: Entity A registers, associates with a CSE, sends a request primitive and prints
// the response.
#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>

#include "tools/command.h"
#include "tools/console.h"
#include "tools/entity_options.h"

namespace saef::tools {
namespace {

using onem2m::Operation;

struct ConnectOptions {
  EntityOptions entity;
  std::string uri;
  Operation operation = Operation::kRetrieve;
  std::string to = "base";
  std::optional<std::string> from;
  std::optional<int> resource_type;
  std::string content;
  unsigned timeout_ms = 10000;
};

onem2m::RequestPrimitive RequestOf(const ConnectOptions& options) {
  onem2m::RequestPrimitive request;
  request.operation = options.operation;
  request.to = options.to;
  request.from = options.from;
  request.resource_type = options.resource_type;
  request.content = options.content;
  return request;
}

ExitCode Connect(const ConnectOptions& options) {
  auto opened = OpenEntity(options.entity);
  if (const auto* wrong = std::get_if<std::string>(&opened)) return Fail(ExitCode::kUsage, *wrong);
  entity_a::EntityA& entity = *std::get<0>(opened);
  if (const auto associated = entity.Associate(options.uri); !associated)
    return FailBecause(associated.error());
  const auto response =
      entity.Send(RequestOf(options), std::chrono::milliseconds(options.timeout_ms));
  if (!response) return FailBecause(response.error());
  std::cout << onem2m::Number(response->status) << ' ' << onem2m::Name(response->status) << '\n';
  if (response->location) std::cout << "Location: " << *response->location << '\n';
  if (!response->content.empty()) std::cout << response->content << '\n';
  std::cout.flush();
  return onem2m::IsSuccess(response->status) ? ExitCode::kDone : ExitCode::kRefused;
}

}  // namespace

void AddConnectCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<ConnectOptions>();
  CLI::App* command = app.add_subcommand(
      "connect",
      "Entity A: register, associate with the CSE, send a request primitive, print the response");
  AddEntityOptions(*command, &options->entity);
  const std::map<std::string, Operation> operations = {{"create", Operation::kCreate},
                                                       {"retrieve", Operation::kRetrieve},
                                                       {"update", Operation::kUpdate},
                                                       {"delete", Operation::kDelete},
                                                       {"notify", Operation::kNotify}};
  command->add_option("--uri", options->uri,
                      "The CSE's URI, coaps or https; the configuration's first if not given");
  command
      ->add_option("--operation", options->operation,
                   "create, retrieve (as if not given), update, delete or notify")
      ->transform(CLI::CheckedTransformer(operations, CLI::ignore_case));
  command
      ->add_option("--to", options->to,
                   "The resource: base, /cse1/base or //sp.example.com/cse1/base")
      ->capture_default_str();
  command->add_option("--from", options->from, "The originator; the configuration's if not given");
  command
      ->add_option("--ty", options->resource_type,
                   "Resource Type of a create: 2 <AE>, 3 <container>, 4 <contentInstance>")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--content", options->content, "The request's content, JSON");
  command->add_option("--timeout-ms", options->timeout_ms, "How long to wait for the response")
      ->check(CLI::Range(100, 600000))
      ->capture_default_str();
  command->footer(
      "Example: saef connect --config site/entity-ae1.json --operation create --to base --ty 2 \\\n"
      "           --content '{\"m2m:ae\":{\"api\":\"Nexample\",\"rr\":false,\"srv\":[\"3\"]}}'");
  command->callback([options, exit_code] { *exit_code = Connect(*options); });
}

}  // namespace saef::tools
