using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Splits a file into directives: words up to <c>;</c>, <c>{</c> or <c>}</c>. A text holds one byte a character (Latin-1), so that words
/// keep the file's bytes. Quirks are nginx': after a quoted word must come space, <c>;</c>, <c>{</c> or <c>)</c>; <c>{</c> after <c>$</c>
/// opens no block; a word longer than its read buffer is refused.
/// </summary>
internal sealed class ConfigurationLexer(string text, bool isParameter = false)
{
    // The buffer in which nginx reads a file: no word may fill it.
    [Limit("word")]
    private const int WordCharsMax = 4096;

    private int _at;
    private int _start;
    private int _startLine;
    private bool _afterSpace;
    private bool _needsSpace;
    private bool _afterDollar;
    private char _quote;

    /// <summary>The line of the last character read, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The words of the last directive.</summary>
    public List<string> Words { get; } = [];

    /// <summary>Reads on to the end of a directive. Throws <see cref="ConfigurationException"/> with nginx' words.</summary>
    public TokenKind Read()
    {
        Words.Clear();
        (_afterSpace, _needsSpace, _afterDollar, _quote) = (true, false, false, '\0');
        (_start, _startLine) = (_at, Line);
        while (true)
        {
            if (_at >= text.Length)
                return AtEnd();
            if (!isParameter && _at - _start >= WordCharsMax)
                throw TooLong();
            var ch = text[_at++];
            if (ch == '\n')
                Line++;
            if (Step(ch) is { } kind)
                return kind;
        }
    }

    private TokenKind? Step(char ch)
    {
        if (_needsSpace)
        {
            if (IsSpace(ch))
            {
                (_afterSpace, _needsSpace) = (true, false);
                return null;
            }
            if (ch is ';' or '{')
                return ch == ';' ? TokenKind.Directive : TokenKind.BlockStart;
            if (ch != ')')
                throw new ConfigurationException($"unexpected \"{ch}\"");
            (_afterSpace, _needsSpace) = (true, false);
        }
        return _afterSpace ? Begin(ch) : Continue(ch);
    }

    private TokenKind? Begin(char ch)
    {
        (_start, _startLine) = (_at - 1, Line);
        if (IsSpace(ch))
            return null;
        switch (ch)
        {
            case ';' or '{':
                if (Words.Count == 0)
                    throw new ConfigurationException($"unexpected \"{ch}\"");
                return ch == ';' ? TokenKind.Directive : TokenKind.BlockStart;
            case '}':
                if (Words.Count != 0)
                    throw new ConfigurationException("unexpected \"}\"");
                return TokenKind.BlockEnd;
            case '#':
                SkipComment();
                return null;
        }
        _afterSpace = false;
        switch (ch)
        {
            case '\\':
                SkipEscaped();
                break;
            case '"' or '\'':
                _start++;
                _quote = ch;
                break;
            case '$':
                _afterDollar = true;
                break;
        }
        return null;
    }

    private TokenKind? Continue(char ch)
    {
        if (ch == '{' && _afterDollar)
            return null;
        _afterDollar = false;
        switch (ch)
        {
            case '\\':
                SkipEscaped();
                return null;
            case '$':
                _afterDollar = true;
                return null;
        }
        if (_quote != '\0')
        {
            if (ch != _quote)
                return null;
            (_quote, _needsSpace) = ('\0', true);
        }
        else if (IsSpace(ch) || ch is ';' or '{')
        {
            _afterSpace = true;
        }
        else
        {
            return null;
        }
        Words.Add(Unescape(text.AsSpan(_start, _at - 1 - _start)));
        _start = _at;
        return ch switch
        {
            ';' => TokenKind.Directive,
            '{' => TokenKind.BlockStart,
            _ => null,
        };
    }

    private void SkipComment()
    {
        var end = text.IndexOf('\n', _at);
        if (end < 0)
        {
            _at = text.Length;
            return;
        }
        // A comment fills the read buffer as a word does.
        if (!isParameter && end - _start >= WordCharsMax)
            throw TooLong();
        Line++;
        _at = end + 1;
    }

    // What follows a backslash has no meaning of its own here; Unescape gives it one.
    private void SkipEscaped()
    {
        if (_at >= text.Length)
            return;
        if (text[_at++] == '\n')
            Line++;
    }

    private TokenKind AtEnd()
    {
        if (Words.Count == 0 && _afterSpace)
            return TokenKind.EndOfFile;
        throw new ConfigurationException(isParameter
            ? "unexpected end of parameter, expecting \";\""
            : "unexpected end of file, expecting \";\" or \"}\"");
    }

    private ConfigurationException TooLong()
    {
        Line = _startLine;
        return new ConfigurationException(_quote != '\0'
            ? $"too long parameter, probably missing terminating \"{_quote}\" character"
            : $"too long parameter \"{text.AsSpan(_start, Math.Min(10, text.Length - _start))}...\" started");
    }

    private static bool IsSpace(char ch) => ch is ' ' or '\t' or '\r' or '\n';

    private static string Unescape(ReadOnlySpan<char> word)
    {
        if (!word.Contains('\\'))
            return word.ToString();
        var plain = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            var next = i + 1 < word.Length ? word[i + 1] : '\0';
            if (word[i] == '\\' && next is '"' or '\'' or '\\' or 't' or 'r' or 'n')
            {
                plain.Append(next switch { 't' => '\t', 'r' => '\r', 'n' => '\n', _ => next });
                i++;
                continue;
            }
            plain.Append(word[i]);
        }
        return plain.ToString();
    }
}
