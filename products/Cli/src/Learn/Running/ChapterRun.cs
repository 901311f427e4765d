using System.ComponentModel;
using System.Diagnostics;

namespace Microcosm.Cli;

/// <summary>Runs the steps of one chapter, in their order, in a folder of its own.</summary>
/// <param name="asPeer">Run peers' own client programs where they are installed, not stand-ins.</param>
/// <param name="onShownPorts">Worlds take the ports that the chapter shows, if all of them are free; else, and otherwise, free
/// ones.</param>
internal sealed class ChapterRun(bool asPeer, bool onShownPorts = false) : IAsyncDisposable
{
    // Where no world of the chapter runs, none of this machine's may answer in its place.
    private const int NoWorldPort = 9;

    private static readonly string[] FreePorts = ["--ports", "auto", "--control-port", "0"];

    private const string Pipe = " | ";

    // Of a look at what changes by itself: it is repeated until it shows what is quoted.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    /// <summary>A client program that steps may name is a line here.</summary>
    public static readonly IReadOnlyList<IClientProgram> Programs = [new RedisCli(), new Kcat(), new Curl()];

    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm-course").FullName;
    private readonly PortMap _ports = new();
    private readonly List<StayingProgram> _staying = [];
    private IClientSession? _session;
    private RunningWorld? _world;

    /// <summary>The first word of a step, if it names a client that is missing here and that nothing stands in for; else null.</summary>
    public static string? MissingProgram(Step step) => step.IsShell && WordsOf(step)[0] is var name
        && Programs.Any(p => p.Name == name && !p.HasStandIn && !p.IsInstalled) ? name : null;

    /// <summary>Ports of the running world that are not those shown: <c>6379 is 41000</c>.</summary>
    public IEnumerable<string> OtherPorts => _world is null ? [] : _ports.Others;

    /// <summary>Runs the next step. Throws <see cref="InvalidOperationException"/>, which says why, for one that cannot run.</summary>
    public async Task<StepOutcome> RunAsync(Step step, CancellationToken cancellation = default)
    {
        try
        {
            var printed = QuotedOutput.Tidy(await PrintAsync(step, cancellation));
            return new(step, printed, QuotedOutput.Matches(step.Expected, printed));
        }
        catch (Exception e) when (e is FormatException or IOException or TimeoutException or Win32Exception)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _session?.Dispose();
        _staying.ForEach(p => p.Dispose());
        if (_world is not null)
            await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The words of a step's program, without what is piped into it.</summary>
    public static List<string> WordsOf(Step step) =>
        ShellWords.Split(PipeOf(step) is >= 0 and var pipe ? step.Command[(pipe + Pipe.Length)..] : step.Command);

    private async Task<string> PrintAsync(Step step, CancellationToken cancellation)
    {
        if (step.IsFile)
            return FileTools.Write(step.Command, string.Join('\n', step.Expected), _folder);
        if (!step.IsShell)
            return await SendAsync(step);
        var (words, input) = (WordsOf(step), InputOf(step));
        // In a checkout, before anything is published.
        if (words is ["dotnet", "run", "-c", "Release", "--project", "products/Cli", "--", ..])
            words = ["cosm", .. words.Skip(7)];
        if (words is ["cosm", "up", ..])
            return await UpAsync(step, [.. words.Skip(2)]);
        if (words is ["cosm", "inside", ..])
            return await LookAsync(step, () => CosmAsync(words, cancellation), cancellation);
        if (words[0] == "cosm")
            return await CosmAsync(words, cancellation);
        if (Programs.FirstOrDefault(p => p.Name == words[0]) is not { } program)
            return FileTools.TryRun(words, _folder) ?? throw new FormatException($"chapters cannot run '{words[0]}'");
        if (program.TryStay([.. words.Skip(1)], _ports) is { } staying)
        {
            _staying.Add(staying);
            return await LookAsync(step, () => Task.FromResult(_ports.ToShown(staying.Printed)), cancellation);
        }
        if (words.Count > 1)
            return _ports.ToShown(await program.RunAsync([.. words.Skip(1)], input, _ports, asPeer, cancellation));
        _session?.Dispose();
        _session = program.Open([.. words.Skip(1)], _ports);
        return "";
    }

    private static int PipeOf(Step step) => step.Command.IndexOf(Pipe, StringComparison.Ordinal);

    private static string InputOf(Step step)
    {
        var pipe = PipeOf(step);
        if (pipe < 0)
            return "";
        return ShellWords.Split(step.Command[..pipe]) switch
        {
            ["echo", .. var words] => string.Join(' ', words) + "\n",
            ["printf", "%s\\n", .. var lines] => string.Concat(lines.Select(l => l + "\n")),
            _ => throw new FormatException("only 'echo WORDS' and 'printf '%s\\n' LINES' are piped into a client"),
        };
    }

    private static async Task<string> LookAsync(Step step, Func<Task<string>> look, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (QuotedOutput.Matches(step.Expected, QuotedOutput.Tidy(seen)) || Stopwatch.GetElapsedTime(began) > Patience)
                return seen;
            await Task.Delay(Rest, cancellation);
        }
    }

    private async Task<string> SendAsync(Step step)
    {
        if (_session is null)
            throw new FormatException("no step before this one opened a client");
        if (_session.Prompt != step.Prompt)
            throw new FormatException($"the client's prompt is now {_session.Prompt}");
        return _ports.ToShown(await _session.SendAsync(step.Command));
    }

    private async Task<string> UpAsync(Step step, string[] arguments)
    {
        if (_world is not null)
            throw new FormatException("a world is running; 'cosm down' ends it");
        var isOnShown = onShownPorts && PortMap.PortsIn(string.Join('\n', step.Expected)).All(DoctorChecks.IsFree);
        _world = await RunningWorld.StartAsync(isOnShown ? arguments : [.. FreePorts, .. arguments], _folder);
        _ports.Learn(step.Expected, _world.Printed);
        return _ports.ToShown(_world.Printed);
    }

    private async Task<string> CosmAsync(List<string> words, CancellationToken cancellation)
    {
        var command = ProgramRun.Cosm([.. words.Skip(1), "--control-port", $"{_world?.ControlPort ?? NoWorldPort}"]);
        command.WorkingDirectory = _folder;
        var run = await ProgramRun.RunAsync(command, "", cancellation);
        if (words is ["cosm", "down"] && _world is { } world)
        {
            _world = null;
            await world.EndAsync();
            await world.DisposeAsync();
        }
        return _ports.ToShown(run.Printed);
    }
}
