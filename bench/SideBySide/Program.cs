using System.CommandLine;
using System.Runtime.InteropServices;
using Microcosm.SideBySide;

// bench/run: ours and the real servers, in turn, in one run.
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Exit);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Exit);
var root = Options.Command();
root.SetAction((parsed, _) => Bench.RunAsync(parsed, args));
var parsed = root.Parse(args);
if (parsed.Errors.Count == 0)
{
    return await parsed.InvokeAsync(new InvocationConfiguration
        { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
foreach (var error in parsed.Errors)
    Console.Error.WriteLine($"bench/run: {error.Message}");
Console.Error.WriteLine("bench/run: 'bench/run --help' says what there is");
return ExitCode.Usage;

// The servers end when this process exits.
static void Exit(PosixSignalContext signal)
{
    signal.Cancel = true;
    Environment.Exit(128 + (signal.Signal == PosixSignal.SIGINT ? 2 : 15));
}
