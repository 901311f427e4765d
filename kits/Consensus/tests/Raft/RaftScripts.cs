using System.Runtime.CompilerServices;
using System.Text;

namespace Microcosm.Consensus.Tests.Raft;

/// <summary>
/// Scripts named after sections of the paper and the thesis. A line <c>> command</c> is carried out; what is below it, up to the next
/// command, remark (<c>#</c>) or empty line, is what must be shown. <c>MICROCOSM_UPDATE=1</c> writes it anew: read the
/// difference, which has
/// to be what the paper demands.
/// </summary>
public class RaftScripts
{
    private const int ScriptsMin = 40;

    public static IEnumerable<TheoryDataRow<string>> Names() =>
        Directory.GetFiles(Folder(), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order().Select(n =>
            new TheoryDataRow<string>(n));

    [Theory]
    [MemberData(nameof(Names))]
    public void Goes_as_the_paper_says(string name)
    {
        var path = Path.Combine(Folder(), name + ".txt");
        var expected = File.ReadAllText(path);
        var actual = Play(expected);
        if (Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1" && Directory.Exists(Source()))
            File.WriteAllText(Path.Combine(Source(), name + ".txt"), actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void There_are_scripts() => Assert.True(Names().Count() >= ScriptsMin);

    private static string Play(string script)
    {
        var cluster = new ScriptCluster();
        var output = new StringBuilder();
        foreach (var line in script.Split('\n'))
        {
            if (line.StartsWith("> ", StringComparison.Ordinal))
                output.Append(line).Append('\n').Append(cluster.Do(line[2..]));
            else if (line.Length == 0 || line[0] == '#')
                output.Append(line).Append('\n');
        }
        return output.ToString().TrimEnd('\n') + "\n";
    }

    private static string Folder() => Path.Combine(AppContext.BaseDirectory, "Raft", "Scripts");

    private static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Scripts");
}
