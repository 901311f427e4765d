using System.Globalization;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The list of files that together are the append-only file (Redis 7.0 multi-part AOF): at most one base, then increments in order.
/// One line a file: <c>file NAME seq N type b|h|i</c>.
/// </summary>
internal sealed class AofManifest
{
    /// <summary>The base's name, or null.</summary>
    public string? Base { get; set; }

    public long BaseSequence { get; set; }

    /// <summary>Increments, oldest first.</summary>
    public List<(string Name, long Sequence)> Increments { get; } = [];

    /// <summary>Files that a rewrite has replaced and that are to be deleted.</summary>
    public List<(string Name, long Sequence)> History { get; } = [];

    /// <summary>Reads a manifest; empty when there is none. Throws <see cref="InvalidDataException"/> for one that is damaged.</summary>
    public static AofManifest Load(IDisk disk, string path)
    {
        var manifest = new AofManifest();
        if (!disk.Exists(path))
            return manifest;
        foreach (var line in DiskText.Read(disk, path).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
                continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is not ["file", var name, "seq", var number, "type", var type]
                || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
                throw new InvalidDataException($"Invalid AOF manifest file format: '{line}'");
            if (type == "b")
                (manifest.Base, manifest.BaseSequence) = (name, sequence);
            else if (type == "i")
                manifest.Increments.Add((name, sequence));
            else if (type == "h")
                manifest.History.Add((name, sequence));
        }
        return manifest;
    }

    /// <summary>A copy to change: it takes the place of this one when it is on the disk.</summary>
    public AofManifest Copy()
    {
        var copy = new AofManifest { Base = Base, BaseSequence = BaseSequence };
        copy.Increments.AddRange(Increments);
        copy.History.AddRange(History);
        return copy;
    }

    /// <summary>Writes the manifest in one step: a new file, synced, then renamed.</summary>
    public async ValueTask SaveAsync(IDisk disk, string path)
    {
        var text = new StringBuilder();
        if (Base is not null)
            text.Append(CultureInfo.InvariantCulture, $"file {Base} seq {BaseSequence} type b\n");
        foreach (var (name, sequence) in History)
            text.Append(CultureInfo.InvariantCulture, $"file {name} seq {sequence} type h\n");
        foreach (var (name, sequence) in Increments)
            text.Append(CultureInfo.InvariantCulture, $"file {name} seq {sequence} type i\n");
        var folder = path[..(path.LastIndexOf('/') + 1)];
        var temporary = $"{folder}temp-{path[folder.Length..]}";
        using (var file = disk.Open(temporary, DiskOpen.Truncate))
        {
            file.Append(Encoding.UTF8.GetBytes(text.ToString()));
            await file.SyncAsync();
        }
        disk.Rename(temporary, path);
        if (Bug.IsPlanted("redis/manifest-not-synced"))
            return;
        await disk.SyncNamesAsync();
    }
}
