namespace Microcosm.Nginx;

/// <summary>The command line, read as nginx reads it: letters may stand together, a value may stand with its letter.</summary>
internal sealed record NginxArguments
{
    private static readonly string[] Signals = ["stop", "quit", "reopen", "reload"];

    public bool ShowsHelp { get; private set; }

    public bool ShowsVersion { get; private set; }

    public bool ShowsConfigure { get; private set; }

    public bool Tests { get; private set; }

    public bool Dumps { get; private set; }

    public bool IsQuiet { get; private set; }

    /// <summary><c>-s</c>, or null.</summary>
    public string? Signal { get; private set; }

    /// <summary><c>-p</c>, or null.</summary>
    public string? Prefix { get; private set; }

    /// <summary><c>-e</c>, or null; empty for standard error.</summary>
    public string? ErrorLog { get; private set; }

    /// <summary><c>-c</c>, or null.</summary>
    public string? Configuration { get; private set; }

    /// <summary><c>-g</c>, or null.</summary>
    public string? Parameters { get; private set; }

    /// <summary>Reads; on failure <paramref name="error"/> is nginx' message.</summary>
    public static NginxArguments? TryParse(IReadOnlyList<string> words, out string error)
    {
        var arguments = new NginxArguments();
        error = "";
        for (var i = 0; i < words.Count && error.Length == 0; i++)
        {
            if (!words[i].StartsWith('-'))
                error = $"invalid option: \"{words[i]}\"";
            else
                error = arguments.ReadWord(words, ref i);
        }
        return error.Length == 0 ? arguments : null;
    }

    private string ReadWord(IReadOnlyList<string> words, ref int i)
    {
        var word = words[i];
        for (var at = 1; at < word.Length; at++)
        {
            switch (word[at])
            {
                case '?' or 'h':
                    ShowsHelp = ShowsVersion = true;
                    break;
                case 'v':
                    ShowsVersion = true;
                    break;
                case 'V':
                    ShowsConfigure = ShowsVersion = true;
                    break;
                case 't':
                    Tests = true;
                    break;
                case 'T':
                    Tests = Dumps = true;
                    break;
                case 'q':
                    IsQuiet = true;
                    break;
                case 'p' or 'e' or 'c' or 'g' or 's':
                    var value = at + 1 < word.Length ? word[(at + 1)..] : ++i < words.Count ? words[i] : null;
                    return Take(word[at], value);
                default:
                    return $"invalid option: \"{word[at]}\"";
            }
        }
        return "";
    }

    private string Take(char letter, string? value)
    {
        if (value is null)
        {
            var wanted = letter switch { 'p' => "directory name", 'e' or 'c' => "file name", _ => "parameter" };
            return $"option \"-{letter}\" requires {wanted}";
        }
        switch (letter)
        {
            case 'p':
                Prefix = value;
                break;
            case 'e':
                ErrorLog = value == "stderr" ? "" : value;
                break;
            case 'c':
                Configuration = value;
                break;
            case 'g':
                Parameters = value;
                break;
            default:
                Signal = value;
                return Signals.Contains(value) ? "" : $"invalid option: \"-s {value}\"";
        }
        return "";
    }
}
