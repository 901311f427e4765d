using Microcosm.Redis;
using Microcosm.Runtime;

namespace Microcosm.Tidy.Tests;

/// <summary>contract.txt is what the generator says it is. <c>MICROCOSM_UPDATE=1</c> writes it anew.</summary>
public sealed class ContractTests
{
    private static readonly SystemDefinition[] Systems = [new RedisSystem(new RedisOptions())];

    [Fact]
    public void The_contract_is_fresh()
    {
        foreach (var system in Systems)
        {
            var path = $"systems/{system.GetType().Name[..^"System".Length]}/contract.txt";
            var full = Path.Combine(Repository.Root, path);
            if (Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1")
                File.WriteAllText(full, system.Contract);
            Assert.Equal(system.Contract, File.Exists(full) ? File.ReadAllText(full) : "(no file)");
        }
    }

    [Fact]
    public void Every_operation_has_a_line_in_a_script()
    {
        foreach (var system in Systems)
        {
            var name = system.GetType().Name[..^"System".Length];
            var scripts = string.Join('\n', Repository.Files
                .Where(f => f.StartsWith($"systems/{name}/tests/Scripts/", StringComparison.Ordinal) && f.EndsWith(".txt", StringComparison.Ordinal))
                .Select(Repository.Read));
            var commands = scripts.Split('\n').Where(l => l.Contains("> ")).Select(l => l[(l.IndexOf("> ", StringComparison.Ordinal) + 2)..].ToUpperInvariant()).ToArray();
            var missing = system.Contract.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(l => l[0] != '#')
                .Select(l => l.Split(' ')[0].Replace('|', ' '))
                .Where(operation => !commands.Any(c => c == operation || c.StartsWith(operation + " ", StringComparison.Ordinal)));
            Assert.Empty(missing);
        }
    }
}
