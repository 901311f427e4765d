using Microcosm.Cli.Tests;

namespace Microcosm.Course.Tests;

/// <summary>Runs the steps of one chapter, in their order, in a folder of its own.</summary>
/// <param name="asPeer">Run peers' own client programs where they are named, not stand-ins.</param>
internal sealed class ChapterRun(bool asPeer) : IAsyncDisposable
{
    // Where no world of the chapter runs, none of this machine's may answer in its place.
    private const int NoWorldPort = 9;

    /// <summary>A client program that steps may name is a line here.</summary>
    public static readonly IReadOnlyList<IClientProgram> Programs = [new RedisCli()];

    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm-course").FullName;
    private readonly PortMap _ports = new();
    private IClientSession? _session;
    private RunningWorld? _world;

    /// <summary>Runs all; returns the steps that printed something else than is quoted, and what they printed.</summary>
    public static async Task<Dictionary<Step, string>> FindDifferencesAsync(Chapter chapter, bool asPeer)
    {
        await using var run = new ChapterRun(asPeer);
        var differences = new Dictionary<Step, string>();
        foreach (var step in chapter.Steps)
        {
            string printed;
            try
            {
                printed = QuotedOutput.Tidy(await run.RunAsync(step));
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or IOException or TimeoutException)
            {
                throw new InvalidOperationException($"{chapter.Path}:{step.Line}: {step.Prompt} {step.Command}\n{e.Message}", e);
            }
            if (!QuotedOutput.Matches(step.Expected, printed))
                differences[step] = printed;
        }
        return differences;
    }

    public async ValueTask DisposeAsync()
    {
        _session?.Dispose();
        if (_world is not null)
            await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> RunAsync(Step step)
    {
        if (!step.IsShell)
            return await SendAsync(step);
        var words = ShellWords.Split(step.Command);
        // In a checkout, before anything is published.
        if (words is ["dotnet", "run", "-c", "Release", "--project", "products/Cli", "--", ..])
            words = ["cosm", .. words.Skip(7)];
        if (words is ["cosm", "up", ..])
            return await UpAsync(step, words.Skip(2));
        if (words[0] == "cosm")
            return await CosmAsync(words);
        if (Programs.FirstOrDefault(p => p.Name == words[0]) is not { } program)
            return FileTools.TryRun(words, _folder) ?? throw new FormatException($"chapters cannot run '{words[0]}'");
        if (words.Count > 1)
            return _ports.ToShown(await program.RunAsync([.. words.Skip(1)], _ports, asPeer));
        _session?.Dispose();
        _session = program.Open([.. words.Skip(1)], _ports);
        return "";
    }

    private async Task<string> SendAsync(Step step)
    {
        if (_session is null)
            throw new FormatException("no step before this one opened a client");
        if (_session.Prompt != step.Prompt)
            throw new FormatException($"the client's prompt is now {_session.Prompt}");
        return _ports.ToShown(await _session.SendAsync(step.Command));
    }

    private async Task<string> UpAsync(Step step, IEnumerable<string> arguments)
    {
        if (_world is not null)
            throw new FormatException("a world is running; 'cosm down' ends it");
        _world = await RunningWorld.StartAsync(arguments, _folder);
        _ports.Learn(step.Expected, _world.Printed);
        return _ports.ToShown(_world.Printed);
    }

    private async Task<string> CosmAsync(List<string> words)
    {
        var command = Cosm.Command([.. words.Skip(1), "--control-port", $"{_world?.ControlPort ?? NoWorldPort}"]);
        command.WorkingDirectory = _folder;
        var run = await Cosm.RunAsync(command);
        if (words is ["cosm", "down"] && _world is { } world)
        {
            _world = null;
            await world.EndAsync();
            await world.DisposeAsync();
        }
        return _ports.ToShown(run.Text + run.Errors);
    }
}
