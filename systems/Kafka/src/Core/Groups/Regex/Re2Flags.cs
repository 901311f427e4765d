namespace Microcosm.Kafka;

/// <summary>The flags of RE2 that are on somewhere in a pattern. Which match is preferred (U) nobody asks.</summary>
internal record struct Re2Flags
{
    /// <summary>i.</summary>
    public bool FoldsCase { get; private set; }

    /// <summary>m.</summary>
    public bool IsMultiline { get; private set; }

    /// <summary>s: a dot is also a newline.</summary>
    public bool MatchesNewline { get; private set; }

    /// <summary>False if there is no such flag.</summary>
    public bool TrySet(int flag, bool isOn)
    {
        switch (flag)
        {
            case 'i':
                FoldsCase = isOn;
                return true;
            case 'm':
                IsMultiline = isOn;
                return true;
            case 's':
                MatchesNewline = isOn;
                return true;
            default:
                return flag == 'U';
        }
    }
}
