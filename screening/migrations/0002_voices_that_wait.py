"""Which voices wait for an answer, kept beside their words: the few that do are found without a look at all that were answered."""

from django.db import migrations, models

# Kept by the database, since words are written, answered and erased in more than one place.
AWAITS = """
CREATE FUNCTION brolly_voice_awaits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.awaits := NEW.redacted_at IS NULL
        AND (SELECT wants_answer FROM screening_voice WHERE id = NEW.voice_id)
        AND NOT EXISTS (SELECT 1 FROM screening_voiceanswer WHERE voice_id = NEW.voice_id);
    RETURN NEW;
END $$;
CREATE FUNCTION brolly_voice_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE screening_voicebody SET awaits = false WHERE voice_id = NEW.voice_id AND awaits;
    RETURN NULL;
END $$;
CREATE TRIGGER voice_awaits BEFORE INSERT OR UPDATE OF redacted_at ON screening_voicebody
    FOR EACH ROW EXECUTE FUNCTION brolly_voice_awaits();
CREATE TRIGGER voice_answered AFTER INSERT ON screening_voiceanswer FOR EACH ROW EXECUTE FUNCTION brolly_voice_answered();
UPDATE screening_voicebody SET redacted_at = redacted_at;
"""
WITHOUT = """
DROP TRIGGER voice_awaits ON screening_voicebody;
DROP TRIGGER voice_answered ON screening_voiceanswer;
DROP FUNCTION brolly_voice_awaits, brolly_voice_answered;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("screening", "0001_squashed_0034_reports_go_with_all"),
    ]

    operations = [
        migrations.AddField(
            model_name="voicebody",
            name="awaits",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(AWAITS, WITHOUT),
        migrations.AddIndex(
            model_name="voicebody",
            index=models.Index(condition=models.Q(("awaits", True)), fields=["voice"], name="voice_awaits"),
        ),
    ]
