using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Microcosm.Cli;

/// <summary>
/// <c>cosm doctor</c>: looks at this machine. Exit code 1 if a world cannot run here; what merely is missing is a warning.
/// </summary>
internal static class Doctor
{
    public static Command Command()
    {
        var command = new Command("doctor", "Check this machine: runtime, event loop, ports, limits, clients.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var checks = await Waiting.ShowAsync("looking", DoctorChecks.AllAsync(parsed.GetValue(Remote.Port), cancellation));
            if (Output.IsJson(parsed))
                Output.Json(new JsonArray([.. checks.Select(Describe)]));
            else
                Print(checks);
            return checks.Any(c => c.State == DoctorState.Failed) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    private static JsonObject Describe(DoctorCheck check) => new()
    {
        ["name"] = check.Name,
        ["state"] = check.State.ToString().ToLowerInvariant(),
        ["detail"] = check.Detail,
        ["advice"] = check.Advice,
    };

    private static void Print(IReadOnlyList<DoctorCheck> checks)
    {
        foreach (var check in checks)
        {
            var colour = check.State switch { DoctorState.Ok => "green", DoctorState.Warning => "yellow", _ => "red" };
            AnsiConsole.Markup($"[{colour}]{check.State.ToString().ToLowerInvariant(),-8}[/]");
            Console.WriteLine($"{check.Name,-16} {check.Detail}");
            if (check.Advice.Length > 0)
                Console.WriteLine($"{"",-25}{check.Advice}");
        }
    }
}
