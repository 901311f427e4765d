using System.Diagnostics;
using Microcosm.Cli.Tests;

namespace Microcosm.Course.Tests;

/// <summary>kcat, always the real one: what it says of groups and offsets is its own.
/// Without <c>-e</c> a member of a group stays in its terminal.</summary>
internal sealed class Kcat : IClientProgram
{
    public string Name => "kcat";

    public bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "kcat")));

    public bool HasStandIn => false;

    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string input, PortMap ports, bool asPeer)
    {
        var run = await Cosm.RunAsync(Command(arguments, ports), input);
        return run.Text + run.Errors;
    }

    public StayingProgram? TryStay(IReadOnlyList<string> arguments, PortMap ports) =>
        arguments.Contains("-G") && !arguments.Contains("-e") ? new StayingProgram(Command(arguments, ports)) : null;

    public IClientSession Open(IReadOnlyList<string> arguments, PortMap ports) => throw new FormatException("kcat has no prompt");

    private static ProcessStartInfo Command(IReadOnlyList<string> arguments, PortMap ports) =>
        new("kcat", arguments.Select(ports.ToActual))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
