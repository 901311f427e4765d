namespace Microcosm.Nginx.Tests;

/// <summary>Configurations and what nginx -t says of them (Scripts/*.txt; nginx 1.22.1 said so, newer.txt apart).</summary>
public class ScriptTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Configurations()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Scripts");
        foreach (var file in Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            var blocks = File.ReadAllText(file).Split("\n> ");
            foreach (var block in blocks.Skip(1))
            {
                var lines = block.TrimEnd().Split('\n', 2);
                yield return new TheoryDataRow<string, string>(lines[0], lines[1]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_configuration_is_told_as_nginx_tells_it(string configuration, string said)
    {
        var files = new MemoryFiles { [Conf.MainFile] = configuration.Replace("\\n", "\n") + "\n" };
        var loader = Conf.Loader(files);
        string end;
        try
        {
            ConfigurationCompiler.Compile(loader, "");
            end = "ok";
        }
        catch (ConfigurationException e)
        {
            end = "[emerg] " + e.Message;
        }
        var lines = loader.Diagnostics.Select(d => d.ToString()["nginx: ".Length..]).Append(end);
        Assert.Equal(said, string.Join('\n', lines).Replace(Conf.MainFile, "nginx.conf").Replace("/prefix/", "/"));
    }
}
