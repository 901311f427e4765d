namespace Microcosm.Tidy.Tests;

/// <summary>The law of references, read from the text of eng/layers.txt.</summary>
internal sealed class Law
{
    private static readonly string[] Levels = ["kits/", "systems/", "products/"];
    private readonly List<(string Folder, string[] Allowed, string Why)> _lines = [];

    private Law()
    {
    }

    /// <summary>What is wrong with the law itself.</summary>
    public List<string> Faults { get; } = [];

    public static Law Parse(IEnumerable<string> lines)
    {
        var law = new Law();
        foreach (var line in lines.Where(l => l.Length > 0 && l[0] != '#'))
            law.Add(line);
        return law;
    }

    /// <summary>The part of a path that the law speaks of: two folders, or one for bench.</summary>
    public static string FolderOf(string path) =>
        path.StartsWith("bench/", StringComparison.Ordinal) ? "bench" : string.Join('/', path.Split('/').Take(2));

    /// <summary>Why <paramref name="project"/> may not reference <paramref name="target"/>; null if it may.</summary>
    /// <param name="project">Path of a project file from the root.</param>
    /// <param name="target">The same of the project that it references.</param>
    /// <param name="asAnalyzer">True for <c>OutputItemType="Analyzer"</c>.</param>
    public string? Judge(string project, string target, bool asAnalyzer)
    {
        var (from, to) = (FolderOf(project), FolderOf(target));
        if (target.EndsWith(".Tests.csproj", StringComparison.Ordinal))
            return $"{project} references {target}, a test project";
        if (asAnalyzer && to == "eng/Generator")
            return null;
        if (!LinesOf(from).Any())
            return $"{project}: {from} has no line in eng/layers.txt";
        var mayBe = IsTestOrBench(project)
            ? to == from || to == "products/Testing" || LevelOf(to) < LevelOf(from) || Reach(from).Contains(to)
            : Allows(from, to);
        return mayBe ? null : $"{project} may not reference {target}";
    }

    private static bool IsTestOrBench(string project) =>
        project.EndsWith(".Tests.csproj", StringComparison.Ordinal) || project.Contains("/bench/");

    // What is on no level (eng, bench) is neither below nor above anything.
    private static int LevelOf(string folder)
    {
        var level = Array.FindIndex(Levels, l => folder.StartsWith(l, StringComparison.Ordinal));
        return level < 0 ? int.MaxValue : level;
    }

    private static bool Matches(string pattern, string folder) =>
        pattern == folder
        || (pattern.EndsWith("/*", StringComparison.Ordinal) && folder.StartsWith(pattern[..^1], StringComparison.Ordinal));

    // A folder's own line counts, else the one for all of its level.
    private IEnumerable<(string Folder, string[] Allowed, string Why)> LinesOf(string folder) =>
        _lines.Any(l => l.Folder == folder) ? _lines.Where(l => l.Folder == folder) : _lines.Where(l => Matches(l.Folder, folder));

    private bool Allows(string from, string to) => LinesOf(from).Any(l => l.Allowed.Any(a => Matches(a, to)));

    private HashSet<string> Reach(string from)
    {
        var reached = new HashSet<string>();
        var next = new Queue<string>([from]);
        while (next.TryDequeue(out var at))
        {
            var named = LinesOf(at).SelectMany(l => l.Allowed).Concat(_lines.Select(l => l.Folder)).Where(f => !f.EndsWith('*'));
            foreach (var folder in named.Where(f => Allows(at, f) && reached.Add(f)))
                next.Enqueue(folder);
        }
        return reached;
    }

    private void Add(string line)
    {
        var why = line.Contains('#') ? line[(line.IndexOf('#') + 1)..].Trim() : "";
        var parts = line.Split('#')[0].Split(':', StringSplitOptions.TrimEntries);
        if (parts.Length != 2)
        {
            Faults.Add($"'{line}' is not 'folder: folders'");
            return;
        }
        var (folder, allowed) = (parts[0], parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (_lines.Any(l => l.Folder == folder))
            Faults.Add($"{folder} has two lines");
        if (_lines.Any(l => l.Allowed.Contains(folder)) && !_lines.Any(l => l.Folder == folder))
            Faults.Add($"{folder} has its line below one that names it");
        foreach (var name in allowed)
        {
            if (name == folder || !_lines.Any(l => Matches(name, l.Folder) || Matches(l.Folder, name)))
                Faults.Add($"{folder} names {name}, which no line above it declares");
            if (LevelOf(name) > LevelOf(folder) || (LevelOf(name) == int.MaxValue && LevelOf(folder) < int.MaxValue))
                Faults.Add($"{folder} may not name {name}: references go down");
            if (LevelOf(folder) == 1 && LevelOf(name) == 1 && why.Length == 0)
                Faults.Add($"{folder} names the system {name} and does not say why");
        }
        _lines.Add((folder, allowed, why));
    }
}
